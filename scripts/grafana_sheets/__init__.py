"""Pictures of the dashboards without Grafana: each panel's answer, drawn roughly so."""
