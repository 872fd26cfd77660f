package io.penstock.base.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipTest {
    private static byte[] gzip(String text) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return packed.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** With foreign bytes before and behind the input. */
    private static String unpack(byte[] packed, int room) throws DamagedGzipException {
        byte[] within = join(new byte[3], packed, gzip("behind"));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] out = new byte[room + 2];
        try (Gunzip gunzip = new Gunzip()) {
            gunzip.begin(within, 3, 3 + packed.length);
            for (int count = gunzip.read(out, 1, room); count >= 0; count = gunzip.read(out, 1, room)) {
                all.write(out, 1, count);
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static DamagedGzipException refusal(byte[] packed) {
        return assertThrows(DamagedGzipException.class, () -> unpack(packed, 100));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void membersAreUnpackedOneBehindTheOtherWhateverTheRoom(int room) throws Exception {
        assertEquals("one, two", unpack(join(gzip("one, "), gzip(""), gzip("two"), gzip("")), room));
    }

    @Test
    void everyPartOfTwoMembersThatIsNotWholeIsRefused() throws Exception {
        byte[] first = gzip("one");
        byte[] both = join(first, gzip("two"));
        for (int length = 0; length < both.length; length++) {
            if (length != first.length) {
                refusal(Arrays.copyOf(both, length));
            }
        }
        assertEquals("one", unpack(first, 10));
    }

    @Test
    void aDamagedHeaderOfTheSecondMemberIsRefusedWithItsPlace() {
        byte[] first = gzip("one");
        for (int at : new int[] {0, 1, 2}) {
            byte[] both = join(first, gzip("two"));
            both[first.length + at] ^= 1;
            assertEquals(3 + first.length + (at == 2 ? 2 : 0), refusal(both).at());
        }
        byte[] flags = join(first, gzip("two"));
        flags[first.length + 3] = 0x40;
        assertEquals("its header has flags that do not exist", refusal(flags).what());
    }

    @Test
    void otherBytesBehindAMemberAreRefused() {
        for (byte[] more : new byte[][] {
            {0}, {0x1f}, {0x1f, (byte) 0x8b}, new byte[512], "{\"n\":2}".getBytes(StandardCharsets.UTF_8)
        }) {
            assertEquals(
                    "other bytes follow the end of its data",
                    refusal(join(gzip("one"), more)).what());
        }
    }

    @Test
    void aWrongChecksumOrSizeIsRefused() {
        byte[] checksum = gzip("one");
        checksum[checksum.length - 8] ^= 1;
        assertEquals("the checksum does not match", refusal(checksum).what());
        byte[] size = gzip("one");
        size[size.length - 1] ^= 1;
        assertEquals("the size does not match", refusal(size).what());
    }

    @Test
    void aHeaderWithEveryOptionalPartIsCheckedByItsChecksum() throws Exception {
        byte[] plain = gzip("one");
        byte[] head = join(
                new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0},
                new byte[] {3, 0, 'x', 'y', 'z'},
                "name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        CRC32 crc = new CRC32();
        crc.update(head);
        byte[] sum = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        byte[] data = Arrays.copyOfRange(plain, 10, plain.length);
        assertEquals("one", unpack(join(head, sum, data), 10));
        sum[0] ^= 1;
        assertEquals(
                "its header's checksum does not match",
                refusal(join(head, sum, data)).what());
    }
}
