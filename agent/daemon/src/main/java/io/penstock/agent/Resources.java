package io.penstock.agent;

import io.penstock.base.text.CauseText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, to be stopped in the opposite order. One that fails to stop is logged and does not keep the
 * others.
 */
@OwnedBy(ThreadRole.HOLDER)
final class Resources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

    private final Deque<Named> started = new ArrayDeque<>();

    private record Named(String name, AutoCloseable resource) {}

    /** Builds something of several resources. */
    interface Building<T> {
        T of(Resources resources) throws IOException;
    }

    /** Builds it; what was started by then is stopped if that fails. */
    static <T> T start(Building<T> building) throws StartFailure {
        Resources resources = new Resources();
        try {
            return building.of(resources);
        } catch (IOException | IllegalStateException e) {
            resources.close();
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException | Error e) {
            resources.close();
            throw e;
        }
    }

    <T extends AutoCloseable> T add(String name, T resource) {
        started.push(new Named(name, resource));
        return resource;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            Named next = started.pop();
            try {
                next.resource().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                LOG.warn("Stopping {} was interrupted", next.name());
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly: {}", next.name(), CauseText.orUnknown(e));
            }
        }
    }
}
