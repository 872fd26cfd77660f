package io.penstock.agent.otlp;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.http.answer.ErrorForm;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Switched;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.http.post.Poster;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * OpenTelemetry's protocol on the HTTP listener: logs are stored; metrics and traces, which are not taken, are told so.
 * The listener's authentication, limits and memory are those of the HTTP source; what is counted has the source
 * {@code otlp}.
 */
public final class OtlpSource {
    private final Map<String, HttpService> services = new LinkedHashMap<>();

    /**
     * @param takesLogs whether {@code /v1/logs} is on; off, it is told so; asked for each request
     * @param connected the listener's clients
     */
    public OtlpSource(
            BooleanSupplier takesLogs,
            AckChoice ack,
            HttpLimits limits,
            Intake intake,
            MeterRegistry registry,
            ConnectedClients connected) {
        SourceFacts facts = new SourceFacts(registry, "otlp");
        services.put("/v1/metrics", refusing(facts, "metrics are not taken here", "send logs to " + LogsEndpoint.PATH));
        services.put("/v1/traces", refusing(facts, "traces are not taken here", "send logs to " + LogsEndpoint.PATH));
        EventCounts counts = new EventCounts();
        facts.keys(counts);
        Poster poster = new Poster(ack, limits, intake, counts, facts, connected, LogEvent.NAMES);
        services.put(
                LogsEndpoint.PATH,
                new Switched(
                        takesLogs,
                        poster.serve(new LogsEndpoint(LogLimits.of(limits.maxBody()), facts)),
                        refusing(facts, "OTLP is switched off", "set http.otlp: true")));
    }

    /** Adds the paths to a server of the listener. */
    public void addTo(ServerBuilder server) {
        services.forEach((path, service) -> server.service(
                Route.builder().path(path).methods(HttpMethod.POST).build(), service));
    }

    private static HttpService refusing(SourceFacts facts, String error, String remedy) {
        Problem problem = Problem.of(HttpStatus.NOT_FOUND, error, remedy);
        return new Refusing(facts, problem);
    }

    /** Answers each request with the same problem, and others' problems in OTLP's form. */
    private record Refusing(SourceFacts facts, Problem problem) implements HttpService, ErrorForm {
        @Override
        public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) {
            facts.refused(Refusal.UNSUPPORTED, String.valueOf(ctx.remoteAddress()), problem.error());
            return form(req.headers(), problem).toHttpResponse();
        }

        @Override
        public AggregatedHttpResponse form(RequestHeaders request, Problem why) {
            return LogsEndpoint.failed(request, why);
        }
    }
}
