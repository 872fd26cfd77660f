package io.penstock.engine.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Serves {@code *} over HTTP/2 like {@code /}, as {@link RequestHeads} does over HTTP/1.x. An Armeria server would answer
 * {@code OPTIONS *} itself, without any check of the services, and fail with 500 when that is a preflight.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1">RFC 9113, section 8.3.1</a>
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Http2Targets extends Http2FrameListenerDecorator {
    private Http2Targets(Http2FrameListener server) {
        super(server);
    }

    /** Adds it in front of the server's own listener. */
    static void guard(Http2ConnectionHandler http2) {
        http2.decoder().frameListener(new Http2Targets(http2.decoder().frameListener()));
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        super.onHeadersRead(context, stream, served(headers), padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        super.onHeadersRead(context, stream, served(headers), dependency, weight, exclusive, padding, endOfStream);
    }

    private static Http2Headers served(Http2Headers headers) {
        return headers.path() != null
                        && headers.path().length() == 1
                        && headers.path().charAt(0) == '*'
                ? headers.path("/")
                : headers;
    }
}
