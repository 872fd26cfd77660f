package io.penstock.engine;

import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import java.util.function.UnaryOperator;

/** Serves further paths on the engine's port, beside the API. */
@FunctionalInterface
public interface EnginePages {
    EnginePages NONE = (server, guard, view) -> {};

    /**
     * Adds the paths; called once, before the engine listens.
     *
     * @param guard decorates each service that is added: it bounds what connections may hold
     */
    void route(ServerBuilder server, UnaryOperator<HttpService> guard, EngineView view);
}
