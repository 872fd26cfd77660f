package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentationTest {
    private static final byte[] ENTRIES = Pack.of().entry(10, 1).entry(11, 2).bytes();

    private static final List<byte[]> MESSAGES = List.of(
            Pack.of()
                    .array(4)
                    .str("t")
                    .time(10, 0)
                    .map(1)
                    .str("n")
                    .hex("d2 00000001")
                    .map(1)
                    .str("chunk")
                    .str("id")
                    .bytes(),
            Pack.of()
                    .hex("93 a1 74 dd 00000002")
                    .entry(10, 1)
                    .entry(11, 2)
                    .map(1)
                    .str("chunk")
                    .str("id")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("t")
                    .bin(ENTRIES)
                    .hex("df 00000001")
                    .str("chunk")
                    .str("id")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("t")
                    .bin(Pack.gzip(ENTRIES))
                    .map(2)
                    .str("compressed")
                    .str("gzip")
                    .str("chunk")
                    .str("id")
                    .bytes());

    @Test
    void aMessageMayBeCutAnywhereInTwo() throws Exception {
        for (byte[] message : MESSAGES) {
            for (int cut = 0; cut <= message.length; cut++) {
                try (Wire wire = new Wire()) {
                    wire.read(Arrays.copyOf(message, cut));
                    wire.read(Arrays.copyOfRange(message, cut, message.length));
                    assertEquals(1, wire.acks.size(), "cut at " + cut);
                    assertEquals("{\"n\":1}", wire.records.get(0));
                }
            }
        }
    }

    @Test
    void messagesMayComeByteByByte() throws Exception {
        try (Wire wire = new Wire()) {
            for (byte[] message : MESSAGES) {
                for (byte one : message) {
                    wire.read(one);
                }
            }
            assertEquals(MESSAGES.size(), wire.acks.size());
            assertEquals(7, wire.records.size());
        }
    }

    @Test
    void manyMessagesMayComeInOneRead() throws Exception {
        Pack all = Pack.of();
        for (int i = 0; i < 100; i++) {
            MESSAGES.forEach(all::raw);
        }
        try (Wire wire = new Wire()) {
            wire.read(all.bytes());
            assertEquals(100 * MESSAGES.size(), wire.acks.size());
        }
    }
}
