package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.fixtures.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it captures the process's output")
class CheckCommandTest {
    @TempDir
    Path folder;

    private Typed check(String reserve, String... more) throws IOException {
        Path file = Files.writeString(
                folder.resolve("penstock.yaml"), "data: " + folder + "\nspool: {reserve: " + reserve + "}\n");
        String[] args = new String[3 + more.length];
        System.arraycopy(new String[] {"check", "--config", file.toString()}, 0, args, 0, 3);
        System.arraycopy(more, 0, args, 3, more.length);
        return Typed.into(PenstockCommand::execute, args);
    }

    @Test
    void warnsWhenTheDiskHasLessRoomThanItsReserve() throws IOException {
        Typed typed = check("4000TiB");
        assertEquals(0, typed.status(), typed.err());
        assertTrue(typed.err().contains("spool.reserve leaves 4000.0 TiB free"), typed.err());
    }

    @Test
    void saysNothingOfADiskWithRoom() throws IOException {
        Typed typed = check("0");
        assertEquals(0, typed.status(), typed.err());
        assertEquals("", typed.err());
    }

    @Test
    void printsAReserveThatFollowsTheDiskAsItIsWritten() throws IOException {
        assertTrue(check("auto", "--print").out().contains("  reserve: auto\n"));
        assertTrue(check("1GiB", "--print").out().contains("  reserve: 1GiB\n"));
    }
}
