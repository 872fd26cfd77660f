package io.penstock.engine.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnswerPiecesTest {
    private static final byte[] NUMBER = "4".repeat(56).getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @EnumSource(Codec.class)
    void anAnswerIsTheSameInPiecesAndAsOneArray(Codec codec) {
        for (int size : new int[] {0, 100, 5_000, 300_000, 1 << 20}) {
            Answer pieces = answer(codec, size);
            byte[] whole = answer(codec, size).end();
            ByteBuf buffer = Unpooled.wrappedBuffer(pieces.endInPieces().toArray(ByteBuf[]::new));
            assertArrayEquals(whole, ByteBufUtil.getBytes(buffer), "records of " + size + " bytes");
            assertTrue(pieces.memory() >= whole.length);
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void theRecordsOfALargeAnswerLieInSeveralPieces(Codec codec) {
        List<ByteBuf> pieces = answer(codec, 400_000).endInPieces();
        assertTrue(pieces.size() > 1, pieces.size() + " pieces");
    }

    private static Answer answer(Codec codec, int size) {
        Answer answer = Answer.begin(codec, 64).list("Records");
        byte[] entry = new byte[1 + size];
        entry[0] = 'k';
        for (int i = 0; i < 5; i++) {
            answer.record(NUMBER, 1_700_000_000_000L, entry, 1, entry.length, false);
        }
        return answer.endList().whole("MillisBehindLatest", 0);
    }
}
