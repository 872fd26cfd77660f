package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.BodyCollector;
import io.penstock.agent.http.body.BodyFormat;
import io.penstock.agent.http.body.BodyShare;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.Routed;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.StreamName;
import io.penstock.agent.route.Unroutable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/streams/{stream}/records}. Judges a request's head and hands its body to a {@link Posting}. Runs on
 * the request's event loop; what it keeps, it keeps per loop.
 */
public final class RecordsService implements HttpService {
    public static final String PATH = "/v1/streams/{stream}/records";

    private static final int SEGMENTS = 5;
    private static final int STREAM_SEGMENT = 3;

    private final AckMode ack;
    private final HttpLimits limits;
    private final Intake intake;
    private final EventCounts counts;
    private final SourceFacts facts;
    private final FastThreadLocal<@Nullable LoopState> loops = new FastThreadLocal<>();

    public RecordsService(AckMode ack, HttpLimits limits, Intake intake, EventCounts counts, SourceFacts facts) {
        this.ack = ack;
        this.limits = limits;
        this.intake = intake;
        this.counts = counts;
        this.facts = facts;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) {
        Posting posting;
        try {
            posting = new Posting(head(ctx, req), limits, loop(ctx), facts, new BodyShare(limits.memory()));
        } catch (Refused why) {
            facts.refused(why.reason(), String.valueOf(ctx.remoteAddress()), String.valueOf(why.getMessage()));
            return why.problem().toResponse();
        }
        req.subscribe(
                new BodyCollector(ctx, limits, posting.share(), posting),
                ctx.eventLoop(),
                SubscriptionOption.WITH_POOLED_OBJECTS);
        return posting.answer();
    }

    private Posting.Request head(ServiceRequestContext ctx, HttpRequest req) throws Refused {
        String stream = stream(ctx);
        if (!StreamName.valid(stream)) {
            throw new Refused(
                    Refusal.INVALID_STREAM,
                    Problem.of(
                            HttpStatus.BAD_REQUEST,
                            "'" + Problem.excerpt(stream) + "' is no stream name",
                            "use 1 to 128 of a-z, A-Z, 0-9, '_', '.' and '-'"));
        }
        Routed routed = intake.router().route(Source.HTTP, KeyFields.posted(stream, ""));
        if (routed instanceof Unroutable unroutable) {
            throw new Refused(
                    Refusal.INVALID_STREAM,
                    Problem.of(HttpStatus.BAD_REQUEST, unroutable.reason(), unroutable.remedy()));
        }
        Destination destination = (Destination) routed;
        return new Posting.Request(
                ctx,
                stream,
                destination,
                Wishes.of(ctx, req.headers()),
                intake.maxRecord().applyAsInt(destination.stream()),
                BodyFormat.of(req.headers().getAll(HttpHeaderNames.CONTENT_TYPE)),
                gzip(req));
    }

    /**
     * The stream as the client has written it. The server matches a path from which it has removed what stands behind
     * semicolons: records for {@code a;b} would go to {@code a}.
     */
    private static String stream(ServiceRequestContext ctx) throws Refused {
        String path = ctx.routingContext().requestTarget().maybePathWithMatrixVariables();
        String[] segments = path.split("/", -1);
        String stream = String.valueOf(ctx.pathParam("stream"));
        if (segments.length != SEGMENTS || !path.startsWith("/v1/streams/") || !path.endsWith("/records")) {
            throw new Refused(
                    Refusal.UNSUPPORTED,
                    Problem.of(
                            HttpStatus.NOT_FOUND, "nothing is at " + Problem.excerpt(path), "there is POST " + PATH));
        }
        return segments[STREAM_SEGMENT].contains(";") ? segments[STREAM_SEGMENT] : stream;
    }

    private static boolean gzip(HttpRequest req) throws Refused {
        String encoding = String.join(", ", req.headers().getAll(HttpHeaderNames.CONTENT_ENCODING))
                .toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "", "identity" -> false;
            case "gzip", "x-gzip" -> true;
            default ->
                throw Refused.unsupported(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Encoding " + Problem.excerpt(encoding) + " is not taken",
                        "use gzip or none");
        };
    }

    private LoopState loop(ServiceRequestContext ctx) {
        LoopState state = loops.get();
        if (state == null) {
            state = new LoopState(
                    ctx.eventLoop().withoutContext(), intake.spools(), ack, new EventWriter(intake.clock(), counts));
            loops.set(state);
        }
        return state;
    }
}
