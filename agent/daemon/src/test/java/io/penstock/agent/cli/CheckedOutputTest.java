package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;

class CheckedOutputTest {
    @Test
    void whatIsWrittenArrives() throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (CheckedOutput out = new CheckedOutput(new PrintStream(written))) {
            out.write('a');
            out.write(new byte[] {'x', 'b', 'c', 'x'}, 1, 2);
        }
        assertEquals("abc", written.toString());
    }

    @Test
    void aFailedWriteIsAnExceptionAtOnce() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        CheckedOutput out = new CheckedOutput(new PrintStream(gone));
        assertThrows(IOException.class, () -> out.write(new byte[3], 0, 3));
        assertFalse(CheckedOutput.printer(new PrintStream(new ByteArrayOutputStream()))
                .checkError());
        PrintWriter printer = CheckedOutput.printer(new PrintStream(gone));
        printer.println("a line");
        assertTrue(printer.checkError());
    }
}
