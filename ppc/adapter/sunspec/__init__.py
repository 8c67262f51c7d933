"""SunSpec: models found by walking their chain, points known by model and name."""
