package io.penstock.agent.route;

/** Events of the forward source by their tag. */
record TagPattern(DottedGlob glob) implements RoutePattern {
    @Override
    public Source source() {
        return Source.FORWARD;
    }

    @Override
    public boolean matches(String tag) {
        return glob.matches(tag);
    }

    @Override
    public String toString() {
        return "forward:" + glob;
    }
}
