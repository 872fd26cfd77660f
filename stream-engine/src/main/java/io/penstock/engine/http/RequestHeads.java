package io.penstock.engine.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.penstock.base.net.HostCheck;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.List;

/**
 * Applies rules to HTTP/1.x heads that an Armeria server lacks:
 *
 * <ul>
 *   <li>an offer to upgrade to {@code h2c} is removed;
 *   <li>the authority of a target in absolute form replaces the {@code Host}; several {@code Host} lines become one
 *       value, which {@link HostCheck} refuses; HTTP/1.0 needs no {@code Host};
 *   <li>{@code OPTIONS *} is served like {@code OPTIONS /}, so that it passes the same checks;
 *   <li>a transfer coding other than {@code chunked} is an {@link UnknownTransferCoding};
 *   <li>the client of a body that is too large is not told to continue.
 * </ul>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, section 3.2</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.1">RFC 9112, section 6.1</a>
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class RequestHeads extends ChannelInboundHandlerAdapter {
    private final long mostBody;

    /** @param mostBody bytes of the largest body that is taken */
    RequestHeads(long mostBody) {
        this.mostBody = mostBody;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
            if (request.headers().containsValue(HttpHeaderNames.UPGRADE, "h2c", true)) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
            }
            host(request);
            if (request.uri().equals("*")) {
                request.setUri("/");
            }
            body(request);
        }
        context.fireChannelRead(message);
    }

    private void body(HttpRequest request) {
        HttpHeaders headers = request.headers();
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty() && !String.join(",", codings).trim().equalsIgnoreCase("chunked")) {
            request.setDecoderResult(DecoderResult.failure(new UnknownTransferCoding()));
        }
        if (headers.containsValue(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true)
                && HttpUtil.getContentLength(request, 0L) > mostBody) {
            headers.remove(HttpHeaderNames.EXPECT);
        }
    }

    private static void host(HttpRequest request) {
        HttpHeaders headers = request.headers();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            headers.set(HttpHeaderNames.HOST, String.join(", ", hosts));
            return;
        }
        boolean needed = !request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (hosts.isEmpty()) {
            headers.set(HttpHeaderNames.HOST, needed ? HostCheck.NO_HOST : "localhost");
        }
        int authority = authorityStart(request.uri());
        if (authority > 0 && !(hosts.isEmpty() && needed)) {
            int end = pathStart(request.uri(), authority);
            headers.set(HttpHeaderNames.HOST, request.uri().substring(authority, end));
            String path = request.uri().substring(end);
            request.setUri(path.startsWith("/") ? path : "/" + path);
        } else if (authority > 0) {
            request.setUri("/");
        }
    }

    /** The index of the authority in a target in absolute form; 0 for any other target. */
    private static int authorityStart(String target) {
        for (String scheme : List.of("http://", "https://")) {
            if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return scheme.length();
            }
        }
        return 0;
    }

    private static int pathStart(String target, int from) {
        int at = from;
        while (at < target.length() && target.charAt(at) != '/' && target.charAt(at) != '?') {
            at++;
        }
        return at;
    }
}
