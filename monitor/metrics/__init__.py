"""What Prometheus scrapes: the projects and versions as text made when they change, and the monitor about itself."""
