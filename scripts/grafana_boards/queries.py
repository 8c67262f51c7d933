"""What a panel asks the plugin."""

from dataclasses import dataclass

from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef

PLUGIN = "frser-sqlite-datasource"
RECORD = DataSourceRef(PLUGIN, "${record}")
"""The file that is chosen at the top of the dashboard: a plant's, or a day's."""


@dataclass(frozen=True)
class Query(Dataquery):
    """A statement. Both texts are set: Grafana runs one or the other."""

    sql: str
    ref: str = "A"
    long: bool = False
    """Rows of (time, name, value): the plugin makes a series of each name."""

    def to_json(self) -> dict[str, object]:
        """As the plugin wants it."""
        return {
            "datasource": RECORD,
            "refId": self.ref,
            "queryType": "time series" if self.long else "table",
            "rawQueryText": self.sql,
            "queryText": self.sql,
            "timeColumns": ["time"],
        }
