import time

from dev.bench_print import guideline
from documents.kinds import get_kind
from documents.markup import document_html
from documents.rendering import pdf_from_html

# Measured 0.12; with columns, and every word measured, it was 0.70. Processors differ.
MOST_SECONDS = 0.4


def test_a_page_of_a_guideline_costs_little_processor_time():
    html = document_html(get_kind("guideline"), guideline(1), language="de")
    pdf_from_html(html)  # loads what the first document waits for

    begin = time.process_time()
    pages = pdf_from_html(html).page_count
    seconds = time.process_time() - begin

    assert pages >= 7
    assert seconds / pages <= MOST_SECONDS
