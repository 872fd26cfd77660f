package io.penstock.agent.console;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.http.HostGuard;
import io.penstock.agent.http.answer.Problem;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.EngineView;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The console on the port of an engine without an agent. It shows what any caller of the API may read. It may change
 * something only if that was allowed and the engine listens on a loopback address. An engine that takes signed calls
 * only has no console, because a browser cannot sign. Thread-safe.
 */
public final class EngineConsole implements AutoCloseable {
    private static final String NEEDED = "start the engine with --allow-changes, on 127.0.0.1";

    private final boolean allowChanges;
    private final MeterRegistry meters;
    private volatile Optional<EngineView> view = Optional.empty();
    private volatile Optional<Console> console = Optional.empty();

    /** @param allowChanges whether the console may change something */
    public EngineConsole(boolean allowChanges, MeterRegistry meters) {
        this.allowChanges = allowChanges;
        this.meters = meters;
    }

    /** These settings of an engine, with the console. */
    public EngineSettings on(EngineSettings settings) {
        if (settings.network().signed().isPresent()) {
            Problem closed = Problem.of(
                    HttpStatus.FORBIDDEN,
                    "this engine takes signed calls only, and a browser cannot sign them",
                    "use penstock streams, put and tail with a key, or the console of penstock run");
            return settings.withPages((server, guard, engine) ->
                    server.route().get("/console").build(guard.apply((ctx, req) -> closed.toResponse())));
        }
        InetAddress bound = settings.network().listen().getAddress();
        boolean may = allowChanges && bound != null && bound.isLoopbackAddress();
        Console made = Console.start(
                () -> view,
                () -> "The engine is not up yet",
                ctx -> may
                        ? Optional.empty()
                        : Optional.of(
                                Problem.of(HttpStatus.FORBIDDEN, "nothing may be changed through the console", NEEDED)),
                Console.Place.ENGINE,
                meters,
                change -> {});
        console = Optional.of(made);
        HostGuard hosts = new HostGuard(
                        settings.network().hosts(),
                        settings.network().origins(),
                        "engine.hosts, or --host",
                        "engine.origins",
                        ctx -> {})
                .withOwnPages();
        return settings.withPages((server, guard, engine) -> route(made, hosts, server, guard, engine));
    }

    private void route(
            Console made, HostGuard hosts, ServerBuilder server, UnaryOperator<HttpService> guard, EngineView engine) {
        view = Optional.of(engine);
        made.route(server, page -> guard.apply(page.decorate(hosts)));
    }

    @Override
    public void close() {
        console.ifPresent(Console::close);
    }
}
