package io.penstock.agent.admin;

import com.linecorp.armeria.server.ServerBuilder;
import java.util.HashSet;
import java.util.Set;

/** What the admin listener serves beside its own paths: the live page. Thread-safe. */
public interface AdminPages extends AutoCloseable {
    /** No pages. */
    AdminPages NONE = new AdminPages() {
        @Override
        public void route(ServerBuilder server) {}

        @Override
        public String paths() {
            return "nothing else";
        }

        @Override
        public Set<String> endless() {
            return Set.of();
        }

        @Override
        public void close() {}
    };

    /** These pages, and those of {@code other}. */
    default AdminPages and(AdminPages other) {
        AdminPages one = this;
        return new AdminPages() {
            @Override
            public void route(ServerBuilder server) {
                one.route(server);
                other.route(server);
            }

            @Override
            public String paths() {
                return one.paths() + ", " + other.paths();
            }

            @Override
            public Set<String> endless() {
                Set<String> both = new HashSet<>(one.endless());
                both.addAll(other.endless());
                return both;
            }

            @Override
            public void close() {
                one.close();
                other.close();
            }
        };
    }

    /** Adds the paths. */
    void route(ServerBuilder server);

    /** The paths as they are routed, for the remedy of a 404. */
    String paths();

    /** Paths of endless answers; each of them bounds its own memory. */
    Set<String> endless();

    /** Ends the endless answers, so that the listener can stop. Does not block. */
    @Override
    void close();
}
