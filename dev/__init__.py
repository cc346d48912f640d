"""Development: the embedded services, `./portal`, the pytest plugin. Not part of a deployment."""
