#pragma once
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

// The producer of librdkafka (its public interface, version 1 and 2), looked up when the first
// output to Kafka begins: nobody else has to have the library, or waits for it to be loaded.
typedef struct kafka_library {
  void *(*conf_new)(void);
  int (*conf_set)(void *, const char *, const char *, char *, size_t);
  void (*conf_destroy)(void *);
  void (*conf_set_opaque)(void *, void *);
  void (*conf_set_dr_msg_cb)(void *, void (*)(void *, const void *, void *));
  void *(*make)(int, void *, char *, size_t);
  void *(*topic_new)(void *, const char *, void *);
  void (*topic_destroy)(void *);
  int (*produce)(void *, int, int, void *, size_t, const void *, size_t, void *);
  int (*last_error)(void);
  const char *(*err2str)(int);
  int (*flush)(void *, int);
  int (*purge)(void *, int);
  int (*poll)(void *, int);
  void (*destroy)(void *);
} kafka_library;

// What came of the messages of one batch. The counts are written within flush and poll alone, by
// the thread that calls them.
typedef struct kafka_counts {
  long delivered;
  long failed;
  int error;
} kafka_counts;

static inline int kafka_look_up(void *library, const char *name, void **place) {
  *place = dlsym(library, name);
  return *place != NULL;
}

// Finds the library's functions; 0 if the machine has none that is new enough.
static inline int kafka_load(kafka_library *all) {
  void *library = dlopen("librdkafka.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return 0;
  return kafka_look_up(library, "rd_kafka_conf_new", (void **)&all->conf_new) &&
         kafka_look_up(library, "rd_kafka_conf_set", (void **)&all->conf_set) &&
         kafka_look_up(library, "rd_kafka_conf_destroy", (void **)&all->conf_destroy) &&
         kafka_look_up(library, "rd_kafka_conf_set_opaque", (void **)&all->conf_set_opaque) &&
         kafka_look_up(library, "rd_kafka_conf_set_dr_msg_cb",
                       (void **)&all->conf_set_dr_msg_cb) &&
         kafka_look_up(library, "rd_kafka_new", (void **)&all->make) &&
         kafka_look_up(library, "rd_kafka_topic_new", (void **)&all->topic_new) &&
         kafka_look_up(library, "rd_kafka_topic_destroy", (void **)&all->topic_destroy) &&
         kafka_look_up(library, "rd_kafka_produce", (void **)&all->produce) &&
         kafka_look_up(library, "rd_kafka_last_error", (void **)&all->last_error) &&
         kafka_look_up(library, "rd_kafka_err2str", (void **)&all->err2str) &&
         kafka_look_up(library, "rd_kafka_flush", (void **)&all->flush) &&
         kafka_look_up(library, "rd_kafka_purge", (void **)&all->purge) &&
         kafka_look_up(library, "rd_kafka_poll", (void **)&all->poll) &&
         kafka_look_up(library, "rd_kafka_destroy", (void **)&all->destroy);
}

// A report of delivery: the first member of the message is its error.
static inline void kafka_delivered(void *client, const void *message, void *opaque) {
  (void)client;
  kafka_counts *counts = (kafka_counts *)opaque;
  int error = *(const int *)message;
  if (error == 0) {
    counts->delivered++;
  } else {
    counts->failed++;
    counts->error = error;
  }
}

// A producer with these settings, pairs of name and value, that counts into `counts`; NULL with a
// reason if they are refused.
static inline void *kafka_producer(const kafka_library *all, const char *const *pairs, int count,
                                   kafka_counts *counts, char *reason, size_t size) {
  void *conf = all->conf_new();
  for (int i = 0; i < count; i++) {
    if (all->conf_set(conf, pairs[2 * i], pairs[2 * i + 1], reason, size) != 0) {
      all->conf_destroy(conf);
      return NULL;
    }
  }
  all->conf_set_opaque(conf, counts);
  all->conf_set_dr_msg_cb(conf, kafka_delivered);
  void *made = all->make(0, conf, reason, size);
  if (made == NULL) all->conf_destroy(conf);
  return made;
}

static inline void *kafka_topic(const kafka_library *all, void *client, const char *name) {
  return all->topic_new(client, name, NULL);
}

// Puts a message, which is copied, into the producer's queue: 0, or why it was not taken.
static inline int kafka_put(const kafka_library *all, void *topic, const void *bytes,
                            size_t count) {
  const int anyPartition = -1, copy = 2;
  if (all->produce(topic, anyPartition, copy, (void *)bytes, count, NULL, 0, NULL) == 0) return 0;
  return all->last_error();
}

// Waits until all that was put is delivered or has failed.
static inline int kafka_flush(const kafka_library *all, void *client, int milliseconds) {
  return all->flush(client, milliseconds);
}

// Drops what waits and what is under way, and has it reported.
static inline void kafka_drop(const kafka_library *all, void *client) {
  all->purge(client, 1 | 2);
  while (all->poll(client, 0) > 0) {
  }
}

static inline const char *kafka_reason(const kafka_library *all, int error) {
  return all->err2str(error);
}

static inline void kafka_close(const kafka_library *all, void *client, void *topic) {
  if (topic != NULL) all->topic_destroy(topic);
  if (client != NULL) all->destroy(client);
}
