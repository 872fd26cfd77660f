package io.penstock.agent.sessions;

import io.penstock.base.ack.Watermark;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.session.SessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The unreleased identifiers of one session, for a WHOLE operation. */
@OwnedBy(ThreadRole.HOLDER)
final class WholeIds implements SessionStore.IdVisitor {
    private record Placed(int packetId, StreamState stream, long offset) {}

    private final MarkedStreams streams;
    private final Map<Integer, byte[]> pages = new TreeMap<>();
    private final List<Placed> placed = new ArrayList<>();

    WholeIds(MarkedStreams streams) {
        this.streams = streams;
    }

    @Override
    public void id(int packetId, Watermark where, long offset) {
        if (where.end() <= offset) {
            StreamState stream = streams.get(where);
            if (stream == null) {
                return; // Its record is in no spool, and not durable.
            }
            placed.add(new Placed(packetId, stream, offset));
        }
        byte[] page = pages.computeIfAbsent(packetId / Op.PAGE, number -> new byte[Op.PAGE_BYTES]);
        int bit = packetId % Op.PAGE;
        page[bit / Byte.SIZE] |= (byte) (1 << bit % Byte.SIZE);
    }

    /** Names the streams, before the operation. */
    void name(LoopWriter writer) {
        placed.forEach(each -> writer.name(each.stream));
    }

    void writeTo(GrowingBytes out) {
        Op.putShort(out, pages.size());
        pages.forEach((number, bits) -> {
            out.put(number);
            out.put(bits);
        });
        Op.putShort(out, placed.size());
        placed.forEach(each -> {
            Op.putShort(out, each.packetId);
            out.putInt(each.stream.number);
            Op.putLong(out, each.offset);
        });
    }
}
