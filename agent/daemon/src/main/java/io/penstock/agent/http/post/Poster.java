package io.penstock.agent.http.post;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.agent.http.answer.ErrorForm;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.BodyCollector;
import io.penstock.agent.http.body.BodyShare;
import io.penstock.agent.http.body.ContentEncoding;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.base.fault.Guard;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Posts the bodies of requests to spools, for each {@link Endpoint} of one listener. Runs on the request's event loop;
 * what it keeps, it keeps per loop.
 */
public final class Poster {
    private final AckChoice ack;
    private final HttpLimits limits;
    private final Intake intake;
    private final EventCounts counts;
    private final SourceFacts facts;
    private final ConnectedClients connected;
    private final Set<String> ownNames;
    private final Guard guard = new Guard(LoggerFactory.getLogger(Poster.class));
    private final FastThreadLocal<@Nullable LoopState> loops = new FastThreadLocal<>();

    public Poster(AckChoice ack, HttpLimits limits, Intake intake, EventCounts counts, SourceFacts facts) {
        this(ack, limits, intake, counts, facts, facts.connected(), Set.of());
    }

    /**
     * @param connected the listener's clients, of which each request has one
     * @param ownNames the fields that the events write themselves
     */
    public Poster(
            AckChoice ack,
            HttpLimits limits,
            Intake intake,
            EventCounts counts,
            SourceFacts facts,
            ConnectedClients connected,
            Set<String> ownNames) {
        this.ack = ack;
        this.limits = limits;
        this.intake = intake;
        this.counts = counts;
        this.facts = facts;
        this.connected = connected;
        this.ownNames = ownNames;
    }

    /** A service that answers once what was posted is as durable as {@code ack} says. */
    public HttpService serve(Endpoint endpoint) {
        return new Service(endpoint);
    }

    /** Has the form of the endpoint's answers for what is refused before the endpoint sees it. */
    private final class Service implements HttpService, ErrorForm {
        private final Endpoint endpoint;

        Service(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) {
            return post(ctx, req, endpoint);
        }

        @Override
        public AggregatedHttpResponse form(RequestHeaders request, Problem problem) {
            return endpoint.form(request, problem);
        }
    }

    private HttpResponse post(ServiceRequestContext ctx, HttpRequest req, Endpoint endpoint) {
        PostRequest request;
        try {
            LoopState loop = loop(ctx);
            ContentEncoding encoding = ContentEncoding.of(req.headers());
            request = new PostRequest(
                    ctx,
                    endpoint,
                    endpoint.task(ctx, req, loop),
                    encoding,
                    limits,
                    loop,
                    new BodyShare(limits.memory()));
        } catch (Refused why) {
            return refuse(ctx, endpoint, why);
        } catch (RuntimeException | Error e) {
            facts.defect("A request to " + Problem.excerpt(ctx.path()), e);
            return refuse(ctx, endpoint, Refused.defect("nothing of it is stored"));
        }
        req.subscribe(
                new BodyCollector(ctx, limits, request.share(), request, guard),
                ctx.eventLoop(),
                SubscriptionOption.WITH_POOLED_OBJECTS);
        return request.answer();
    }

    private HttpResponse refuse(ServiceRequestContext ctx, Endpoint endpoint, Refused why) {
        facts.refused(why.reason(), String.valueOf(ctx.remoteAddress()), String.valueOf(why.getMessage()));
        return endpoint.form(ctx.request().headers(), why.problem()).toHttpResponse();
    }

    private LoopState loop(ServiceRequestContext ctx) {
        LoopState state = loops.get();
        if (state == null) {
            state = new LoopState(
                    ctx.eventLoop().withoutContext(),
                    intake,
                    ack,
                    new EventWriter(intake.clock(), counts, ownNames, RecordEncoder.MAX_BYTES),
                    facts,
                    connected);
            loops.set(state);
        }
        return state;
    }
}
