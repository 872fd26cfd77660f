package io.penstock.agent.route;

/** Events of the HTTP source by the stream that they are posted to. */
record PostedStream(String name) implements RoutePattern {
    @Override
    public Source source() {
        return Source.HTTP;
    }

    @Override
    public boolean matches(String posted) {
        return name.equals(posted);
    }

    @Override
    public String toString() {
        return "http:" + name;
    }
}
