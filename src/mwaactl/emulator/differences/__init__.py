"""What answers differently here than on AWS without failing, as data; `page` writes it into the docs."""
