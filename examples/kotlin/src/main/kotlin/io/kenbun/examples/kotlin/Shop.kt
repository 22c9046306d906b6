package io.kenbun.examples.kotlin

import io.kenbun.client.Credentials
import io.kenbun.client.DeliveryListener
import io.kenbun.client.DropReason
import io.kenbun.client.Event
import io.kenbun.client.KenbunClient
import java.util.concurrent.TimeUnit

class Shop(url: String) : AutoCloseable {
    private val kenbun = KenbunClient.builder()
        .baseUrl(url)
        .credentials(Credentials.basic("dev", "dev"))
        .orgUnit("unit_default")
        .listener(object : DeliveryListener() {
            override fun dropped(event: Event, reason: DropReason, detail: String) {
                println("lost ${event.type()}: $reason, $detail")
            }
        })
        .build()

    fun viewed(email: String, path: String): Boolean =
        kenbun.track(Event.builder("Page View").email(email).metadata("path", path).build())

    fun ordered(customer: String, items: List<String>, total: Double, coupon: String? = null) {
        val order = Event.builder("Order")
            .externalId(customer)
            .metadata(mapOf("items" to items, "total" to total, "coupon" to coupon))
            .build()
        if (!kenbun.track(order)) println("not taken: ${kenbun.stats()}")
    }

    override fun close() {
        val left = kenbun.close(10, TimeUnit.SECONDS)
        if (!left.isComplete) println("left behind: ${left.queued()}")
    }
}
