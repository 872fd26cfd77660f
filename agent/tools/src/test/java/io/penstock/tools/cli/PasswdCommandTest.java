package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.cli.PenstockCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** {@code penstock passwd} as it is typed. */
@Isolated("takes the process's standard streams")
class PasswdCommandTest {
    @TempDir
    private Path folder;

    private record Result(int status, String out, String err) {}

    @Test
    void users_are_made_changed_listed_and_deleted() throws IOException {
        String file = folder.resolve("passwords").toString();
        assertEquals(new Result(0, "", ""), penstock("one\n", "passwd", file, "ann"));
        String first = Files.readString(Path.of(file));
        assertTrue(first.matches("ann:\\$7\\$100000\\$[^$]+\\$[^$]+\n"), first);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))));
        assertEquals(0, penstock("two\n", "passwd", file, "bob").status());
        assertEquals(0, penstock("three\n", "passwd", file, "ann").status());
        assertFalse(Files.readString(Path.of(file)).contains(first.strip()));
        assertEquals(new Result(0, "ann\nbob\n", ""), penstock("", "passwd", file, "--list"));
        assertEquals(0, penstock("", "passwd", file, "ann", "--delete").status());
        assertEquals(new Result(0, "bob\n", ""), penstock("", "passwd", file, "--list"));
    }

    @Test
    void a_file_that_a_service_may_read_stays_so() throws IOException {
        Path file = Files.writeString(folder.resolve("passwords"), "# users\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        penstock("secret\n", "passwd", file.toString(), "ann");
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void what_cannot_be_done_is_told() throws IOException {
        String file = folder.resolve("passwords").toString();
        assertEquals(
                new Result(2, "", "penstock: name a USER, or --list them (penstock passwd --help)\n"),
                penstock("", "passwd", file));
        assertEquals(new Result(1, "", "penstock: there is no " + file + "\n"), penstock("", "passwd", file, "--list"));
        assertEquals(new Result(2, "", "penstock: the password is empty\n"), penstock("\n", "passwd", file, "ann"));
        assertEquals(
                new Result(2, "", "penstock: a user name must not be empty nor hold ':' or control characters\n"),
                penstock("x\n", "passwd", file, "a:b"));
        assertEquals(0, penstock("x\n", "passwd", file, "ann").status());
        assertEquals(
                new Result(1, "", "penstock: there is no user bob in " + file + "\n"),
                penstock("", "passwd", file, "bob", "--delete"));
        Files.writeString(Path.of(file), "ann:plain\n");
        assertEquals(
                new Result(
                        1,
                        "",
                        "penstock: password file " + file
                                + ", line 1: the hash is neither $7$ nor $6$; make it with 'penstock passwd'\n"),
                penstock("", "passwd", file, "--list"));
    }

    private static Result penstock(String input, String... args) {
        InputStream stdin = System.in;
        PrintStream stdout = System.out;
        PrintStream stderr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int status = PenstockCommand.execute(args);
            return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(stdin);
            System.setOut(stdout);
            System.setErr(stderr);
        }
    }
}
