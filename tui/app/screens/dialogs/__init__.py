"""What is asked, written or read over another screen."""
