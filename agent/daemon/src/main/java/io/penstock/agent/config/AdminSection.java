package io.penstock.agent.config;

/**
 * {@code admin:}
 *
 * @param listen where the status page, metrics and health checks are
 * @param web which web pages and names may reach it
 * @param allowAnonymous whether other machines may read it without authentication
 */
public record AdminSection(ListenAddress listen, WebAccess web, boolean allowAnonymous) {
    static final ListenAddress LISTEN = new ListenAddress("127.0.0.1", 9890);

    static AdminSection read(Section section) {
        boolean anonymous = Listeners.anonymous(section);
        return new AdminSection(Listeners.one(section, LISTEN, anonymous), WebAccess.read(section), anonymous);
    }
}
