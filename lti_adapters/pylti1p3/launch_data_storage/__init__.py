"""Where launches are kept between requests."""
