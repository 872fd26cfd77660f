package io.penstock.agent.log4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.agent.metrics.Refusal;
import io.penstock.base.memory.MemoryBudget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class LineConnectionTest {
    @Test
    void prettyPrintedJsonIsTakenAndNamedOnceAConnection() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        LineHandler handler = new LineHandler() {
            @Override
            public Lines connected(EventExecutor loop, String peer) {
                return new Lines() {
                    @Override
                    public void line(byte[] bytes, int from, int to) {}

                    @Override
                    public boolean pause(Reader reader) {
                        return true;
                    }
                };
            }

            @Override
            public void refused(Refusal reason, String peer, String detail) {
                said.add(detail);
            }

            @Override
            public void disconnected(String peer) {}

            @Override
            public void noticed(String peer, String detail) {
                said.add(detail);
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel();
        for (String text : List.of("{\n  \"a\" : 1\n}\n{\n}\n", "[\n{}\n", "<?xml version='1.0'?>\n<Events>\n")) {
            said.clear();
            LineSplitter.Taker taker = new LineConnection(
                    handler, channel, "peer", 1000, MemoryBudget.of(1 << 20).account(1.0));
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            new LineSplitter(1000).split(bytes, 0, bytes.length, taker);
            assertEquals(1, said.size(), text);
            assertTrue(said.get(0).contains("compact=\"true\" eventEol=\"true\""), said.get(0));
        }
    }
}
