package io.penstock.delivery.sender.deadletter;

import io.penstock.base.files.OwnerOnly;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file of dead letters at its end: each letter is one line that begins with its number in the file. Blocks on
 * the disk; reads a few KiB and the last letter, whatever the size of the file.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class LetterFile {
    static final String NUMBER = "letter";

    private static final Logger LOG = LoggerFactory.getLogger(LetterFile.class);
    private static final int PIECE = 64 << 10;
    private static final int LINE_START = 64;
    private static final Pattern NUMBERED = Pattern.compile("\\{\"" + NUMBER + "\":(\\d{1,18})[,}].*", Pattern.DOTALL);

    private LetterFile() {}

    /** Removes a last line without a line end, if the file exists. */
    public static void mend(Path file) throws IOException {
        if (Files.exists(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long ignored = mend(channel, file);
            }
        }
    }

    /**
     * Removes a last line without a line end. A crash or a full disk has left it; its record was not settled, so it is
     * sent and refused again.
     *
     * @return the position of the next letter
     */
    static long mend(FileChannel channel, Path file) throws IOException {
        long size = channel.size();
        long end = lineStart(channel, size);
        if (end < size) {
            LOG.warn(
                    "The last {} bytes of {} are a torn letter and are cut off; its record is sent again",
                    size - end,
                    file);
            channel.truncate(end);
        }
        return end;
    }

    /** The lines of the file, with one char per byte. */
    public static BufferedReader lines(Path file) throws IOException {
        return Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
    }

    /**
     * True if a part of the line never reached the disk; such bytes are zero after a power cut, and a letter has no
     * zero byte. The letters of the same write were not forced either: their records were not settled, and are sent
     * again.
     */
    public static boolean isTorn(String line) {
        return line.indexOf('\0') >= 0;
    }

    /**
     * Copies torn lines to a file beside this one, durable on return. They are kept because a damaged disk leaves the
     * same traces in letters that were forced.
     */
    public static void keepTorn(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".torn");
        long torn = 0;
        try (BufferedReader lines = lines(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (isTorn(line)) {
                    keep(line, beside);
                    torn++;
                }
            }
        }
        if (torn > 0) {
            LOG.warn("{} lines of {} have holes, as a power cut leaves them: they are in {} now", torn, file, beside);
        }
    }

    private static void keep(String line, Path beside) throws IOException {
        try (FileChannel channel = OwnerOnly.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** The number of letters in a file of complete lines. */
    public static long count(FileChannel channel, long end) throws IOException {
        if (end == 0) {
            return 0;
        }
        OptionalLong first = numberAt(channel, 0);
        OptionalLong last = numberAt(channel, lineStart(channel, end - 1));
        if (first.isPresent() && last.isPresent() && first.getAsLong() <= last.getAsLong()) {
            return last.getAsLong() - first.getAsLong() + 1;
        }
        return lines(channel, end);
    }

    /** Counts the lines of a file with unnumbered letters, which were written by hand or by an early version. */
    private static long lines(FileChannel channel, long end) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        long lines = 0;
        for (long at = 0; at < end; at += piece.limit()) {
            fill(channel, piece, at, end);
            for (int i = 0; i < piece.limit(); i++) {
                lines += piece.get(i) == '\n' ? 1 : 0;
            }
        }
        return lines;
    }

    private static OptionalLong numberAt(FileChannel channel, long at) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(LINE_START);
        fill(channel, start, at, at + LINE_START);
        Matcher line = NUMBERED.matcher(StandardCharsets.ISO_8859_1.decode(start));
        return line.matches() ? OptionalLong.of(Long.parseLong(line.group(1))) : OptionalLong.empty();
    }

    /** The start of the line that contains {@code end}; {@code end} itself if a line ends there. */
    private static long lineStart(FileChannel channel, long end) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        long to = end;
        while (to > 0) {
            long from = Math.max(0, to - PIECE);
            fill(channel, piece, from, to);
            for (int i = piece.limit() - 1; i >= 0; i--) {
                if (piece.get(i) == '\n') {
                    return from + i + 1;
                }
            }
            to = from;
        }
        return 0;
    }

    private static void fill(FileChannel channel, ByteBuffer piece, long from, long to) throws IOException {
        piece.clear().limit((int) Math.min(piece.capacity(), to - from));
        while (piece.hasRemaining()) {
            if (channel.read(piece, from + piece.position()) < 0) {
                break;
            }
        }
        piece.flip();
    }
}
