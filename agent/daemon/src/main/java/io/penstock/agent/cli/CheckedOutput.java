package io.penstock.agent.cli;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** A print stream whose failed writes are exceptions, so that a long export ends when its reader has gone. */
@OwnedBy(ThreadRole.HOLDER)
public final class CheckedOutput extends OutputStream {
    private static final String ENCODING = "stdout.encoding";

    /** Exit status of a command whose work was cut short by this, as the shell shows the signal for it. */
    public static final int READER_GONE = 141;

    private final PrintStream out;

    /** Standard output cannot be written any more. */
    public static final class ReaderGone extends IOException {
        private static final long serialVersionUID = 1L;

        ReaderGone() {
            super("standard output cannot be written; its reader has gone");
        }
    }

    public CheckedOutput(PrintStream out) {
        this.out = out;
    }

    /**
     * A writer in the encoding of standard output, flushed at each line, whose {@code checkError} tells of lost text.
     * Control characters become question marks: names and reasons come from clients and servers.
     */
    static PrintWriter printer(PrintStream out) {
        String encoding = System.getProperty(ENCODING, System.getProperty("sun." + ENCODING));
        Charset charset = encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
        return new PrintWriter(new PrintableWriter(new OutputStreamWriter(new CheckedOutput(out), charset)), true);
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        check();
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        check();
    }

    private void check() throws IOException {
        if (out.checkError()) {
            throw new ReaderGone();
        }
    }

    @Override
    public void flush() throws IOException {
        check();
    }
}
