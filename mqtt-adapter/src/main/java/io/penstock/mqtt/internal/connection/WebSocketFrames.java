package io.penstock.mqtt.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;

/**
 * Carries MQTT's bytes in WebSocket frames (MQTT 5 section 6): frames must be binary [MQTT-6.0.0-1]; packet boundaries
 * are independent of frame boundaries [MQTT-6.0.0-2].
 */
public final class WebSocketFrames extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {
    public WebSocketFrames() {
        super(WebSocketFrame.class, ByteBuf.class);
    }

    @Override
    public boolean acceptOutboundMessage(Object message) {
        return message instanceof ByteBuf bytes && bytes.isReadable();
    }

    @Override
    protected void encode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
        out.add(new BinaryWebSocketFrame(bytes.retain()));
    }

    @Override
    protected void decode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) {
        if (frame instanceof TextWebSocketFrame) {
            throw new CorruptedFrameException("a WebSocket text frame, MQTT's are binary [MQTT-6.0.0-1]");
        }
        out.add(frame.content().retain());
    }
}
