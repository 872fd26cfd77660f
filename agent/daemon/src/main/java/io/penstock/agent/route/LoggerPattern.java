package io.penstock.agent.route;

/** Events from Log4j by their logger's name. */
record LoggerPattern(DottedGlob glob) implements RoutePattern {
    @Override
    public Source source() {
        return Source.LOG4J;
    }

    @Override
    public boolean matches(String logger) {
        return glob.matches(logger);
    }

    @Override
    public String toString() {
        return "log4j:" + glob;
    }
}
