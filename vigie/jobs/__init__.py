"""The jobs of the service, a file a stage: the command line, the pages, the scheduler and workers run the same."""
