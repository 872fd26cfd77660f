package io.penstock.agent.mqtt;

import io.penstock.base.net.WebAccess;
import io.penstock.base.tls.TlsSettings;
import io.penstock.mqtt.MqttListener;
import io.penstock.mqtt.MqttTls;
import java.util.List;
import java.util.Set;

/** The listeners that a configuration asks for, as the server wants them. */
final class MqttListeners {
    private final MqttSourceSettings section;

    MqttListeners(MqttSourceSettings section) {
        this.section = section;
    }

    List<MqttListener> all() {
        return section.listen().stream().map(this::of).toList();
    }

    private MqttListener of(MqttAddress each) {
        MqttListener listener = MqttListener.plain(each.address().toSocketAddress());
        if (each.transport().encrypted()) {
            listener = listener.withTls(tls(section.tls().orElseThrow()));
        }
        if (each.transport().webSocket()) {
            listener = listener.withWebSocket(webSocket());
        }
        return section.proxyProtocol().contains(each.address()) ? listener.withProxyProtocol() : listener;
    }

    private MqttTls tls(TlsSettings tls) {
        MqttTls server = MqttTls.server(tls.certificate(), tls.key());
        return tls.clientCa()
                .map(authorities -> server.requiringClientCertificates(
                        authorities, section.auth().certificateName()))
                .orElse(server);
    }

    private MqttListener.WebSocket webSocket() {
        WebAccess web = section.webSocket().web();
        return new MqttListener.WebSocket(
                section.webSocket().path(), Set.copyOf(web.origins()), Set.copyOf(web.hosts()));
    }
}
