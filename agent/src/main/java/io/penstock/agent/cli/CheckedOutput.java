package io.penstock.agent.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** A print stream whose failed writes are exceptions, so that a long export ends when its reader has gone. One thread. */
final class CheckedOutput extends OutputStream {
    private final PrintStream out;

    CheckedOutput(PrintStream out) {
        this.out = out;
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
            throw new IOException("standard output cannot be written; its reader has gone");
        }
    }

    @Override
    public void flush() throws IOException {
        check();
    }
}
