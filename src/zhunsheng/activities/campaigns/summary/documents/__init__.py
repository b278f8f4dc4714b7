"""The bulletin as data, as parts that a page shows, as a PDF and as a workbook."""

from zhunsheng.activities.campaigns.summary.documents.paper import bulletin_paper
from zhunsheng.activities.campaigns.summary.documents.parts import parts_of
from zhunsheng.activities.campaigns.summary.documents.printed import bulletin_pdf, bulletin_workbook

__all__ = ["bulletin_paper", "bulletin_pdf", "bulletin_workbook", "parts_of"]
