package io.penstock.agent.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The identity of a request")
class IdentityTest {
    private static final Identity LIMITED = new Identity(Identity.Kind.TOKEN, "web", Optional.of(Set.of("b", "a")));

    @Test
    void isAnonymousUntilItIsSet() {
        ServiceRequestContext request = ServiceRequestContext.of(HttpRequest.of(HttpMethod.POST, "/"));
        assertEquals(Identity.ANONYMOUS, Identity.of(request));
        LIMITED.attachTo(request);
        assertEquals(LIMITED, Identity.of(request));
    }

    @Test
    void withoutALimitMayWriteToEveryStream() {
        assertTrue(Identity.ANONYMOUS.objectionTo("a").isEmpty());
        assertTrue(new Identity(Identity.Kind.USER, "web", Optional.empty())
                .objectionTo("a")
                .isEmpty());
    }

    @Test
    void withALimitMayWriteToItsStreamsOnly() {
        assertTrue(LIMITED.objectionTo("a").isEmpty());
        Identity.Objection objection = LIMITED.objectionTo("c").orElseThrow();
        assertEquals("token 'web' may not write to the stream 'c'", objection.error());
        assertEquals(
                "write to one of a, b, or let an administrator add 'c' to the streams of token 'web'",
                objection.remedy());
    }
}
