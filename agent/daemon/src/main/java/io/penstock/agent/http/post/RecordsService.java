package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.BodyFormat;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.StreamName;

/** {@code POST /v1/streams/{stream}/records}. */
public final class RecordsService implements Endpoint {
    public static final String PATH = "/v1/streams/{stream}/records";

    private static final int SEGMENTS = 5;
    private static final int STREAM_SEGMENT = 3;

    @Override
    public Task task(ServiceRequestContext ctx, HttpRequest req, LoopState loop) throws Refused {
        String stream = stream(ctx);
        if (!StreamName.valid(stream)) {
            throw new Refused(
                    Refusal.INVALID_STREAM,
                    Problem.of(
                            HttpStatus.BAD_REQUEST,
                            "'" + Problem.excerpt(stream) + "' is no stream name",
                            "use 1 to 128 of a-z, A-Z, 0-9, '_', '.' and '-'"));
        }
        KeyFields names = KeyFields.posted(stream, Identity.of(ctx).name());
        Destination destination = loop.route(Source.HTTP, names);
        // Known before the body comes.
        StreamAccess.require(ctx, destination.stream());
        return new StreamTask(
                names,
                loop,
                destination,
                PostParameters.of(ctx, req.headers()),
                BodyFormat.of(req.headers().getAll(HttpHeaderNames.CONTENT_TYPE)));
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
}
