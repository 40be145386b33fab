/* dates.c: date and datetime values: naive, at a fixed offset, or in a named zone.
 *
 * The datetime module is imported when a value of a type that may be its own is first seen. */
#include "dates.h"

#include <datetime.h>

static int import_datetime(void) {
  if (PyDateTimeAPI == NULL) PyDateTime_IMPORT;
  return PyDateTimeAPI == NULL ? -1 : 0;
}

static int import_zone_info(GroggyState *state) {
  if (state->zone_info != NULL) return 0;
  PyObject *module = PyImport_ImportModule("zoneinfo");
  if (module == NULL) return -1;
  state->zone_info = PyObject_GetAttrString(module, "ZoneInfo");
  Py_DECREF(module);
  return state->zone_info == NULL ? -1 : 0;
}

/* The offset of a datetime.timezone and the label that it was given, if any. */
static int fixed_offset(PyObject *zone, gli_datetime *out, PyObject **label_out) {
  PyObject *arguments = PyObject_CallMethod(zone, "__getinitargs__", NULL);
  if (arguments == NULL) return -1;
  int result = -1;
  if (PyTuple_Check(arguments) && PyTuple_GET_SIZE(arguments) >= 1 &&
      PyDelta_Check(PyTuple_GET_ITEM(arguments, 0))) {
    PyObject *delta = PyTuple_GET_ITEM(arguments, 0);
    const int64_t seconds =
        (int64_t)PyDateTime_DELTA_GET_DAYS(delta) * 86400 + PyDateTime_DELTA_GET_SECONDS(delta);
    out->zone = 1;
    out->offset_microseconds = seconds * 1000000 + PyDateTime_DELTA_GET_MICROSECONDS(delta);
    if (PyTuple_GET_SIZE(arguments) > 1) {
      *label_out = PyTuple_GET_ITEM(arguments, 1);
      Py_INCREF(*label_out);
    }
    result = 0;
  } else {
    PyErr_SetString(PyExc_TypeError, "datetime.timezone has no offset");
  }
  Py_DECREF(arguments);
  return result;
}

/* The zone of a datetime; `*text_out` gets an object whose text is borrowed. */
static int encode_zone(GroggyState *state, PyObject *name, PyObject *zone, gli_datetime *out,
                       PyObject **text_out) {
  if (zone == Py_None) return 0;
  if (Py_TYPE(zone) == Py_TYPE(PyDateTimeAPI->TimeZone_UTC)) {
    if (fixed_offset(zone, out, text_out) < 0) return -1;
  } else {
    if (strstr(Py_TYPE(zone)->tp_name, "ZoneInfo") != NULL && import_zone_info(state) < 0)
      return -1;
    if ((PyObject *)Py_TYPE(zone) == state->zone_info) {
      *text_out = PyObject_GetAttrString(zone, "key");
      if (*text_out == NULL) return -1;
      out->zone = 2;
    }
    if (out->zone != 2 || !PyUnicode_Check(*text_out)) {
      PyErr_Format(PyExc_TypeError,
                   "attribute %R: a datetime with tzinfo of type %.200s cannot be kept; use "
                   "datetime.timezone or a named zoneinfo.ZoneInfo",
                   name, Py_TYPE(zone)->tp_name);
      return -1;
    }
  }
  if (*text_out != NULL) {
    Py_ssize_t size = 0;
    out->zone_name = PyUnicode_AsUTF8AndSize(*text_out, &size);
    if (out->zone_name == NULL) return -1;
    out->zone_name_size_bytes = (uint64_t)size;
  }
  return 0;
}

/* What `moment` is from UTC with this fold; 0, or -1 with an exception. */
static int utc_offset(PyObject *zone, const gli_datetime *moment, int fold, int64_t *offset_out) {
  PyObject *time = PyDateTimeAPI->DateTime_FromDateAndTimeAndFold(
      moment->year, moment->month, moment->day, moment->hour, moment->minute, moment->second,
      (int)moment->microsecond, zone, fold, PyDateTimeAPI->DateTimeType);
  PyObject *delta = time == NULL ? NULL : PyObject_CallMethod(zone, "utcoffset", "O", time);
  Py_XDECREF(time);
  if (delta == NULL) return -1;
  *offset_out = 0;
  if (PyDelta_Check(delta)) {
    const int64_t seconds =
        (int64_t)PyDateTime_DELTA_GET_DAYS(delta) * 86400 + PyDateTime_DELTA_GET_SECONDS(delta);
    *offset_out = seconds * 1000000 + PyDateTime_DELTA_GET_MICROSECONDS(delta);
  }
  Py_DECREF(delta);
  return 0;
}

/* The core has no table of zones: the offset goes along, so that it can compare zones. */
static int named_offset(PyObject *zone, gli_datetime *moment) {
  int64_t other = 0;
  if (utc_offset(zone, moment, moment->fold, &moment->offset_microseconds) < 0 ||
      utc_offset(zone, moment, 1 - moment->fold, &other) < 0)
    return -1;
  moment->varies = other != moment->offset_microseconds;
  return 0;
}

static int encode_datetime(GroggyState *state, gli_value_builder *builder, PyObject *name,
                           PyObject *object) {
  gli_datetime moment = {
      .year = PyDateTime_GET_YEAR(object),
      .month = (uint8_t)PyDateTime_GET_MONTH(object),
      .day = (uint8_t)PyDateTime_GET_DAY(object),
      .hour = (uint8_t)PyDateTime_DATE_GET_HOUR(object),
      .minute = (uint8_t)PyDateTime_DATE_GET_MINUTE(object),
      .second = (uint8_t)PyDateTime_DATE_GET_SECOND(object),
      .fold = (uint8_t)PyDateTime_DATE_GET_FOLD(object),
      .microsecond = (uint32_t)PyDateTime_DATE_GET_MICROSECOND(object),
  };
  PyObject *zone = PyDateTime_DATE_GET_TZINFO(object);
  PyObject *text = NULL;
  gli_error error;
  int result = encode_zone(state, name, zone, &moment, &text);
  if (result == 0 && moment.zone == 2) result = named_offset(zone, &moment);
  if (result == 0 && gli_value_builder_add_datetime(builder, &moment, &error) != GLI_OK) {
    groggy_raise(state, &error);
    result = -1;
  }
  Py_XDECREF(text);
  return result;
}

int groggy_date_encode(GroggyState *state, gli_value_builder *builder, PyObject *name,
                       PyObject *object) {
  if (strncmp(Py_TYPE(object)->tp_name, "datetime.", 9) != 0) return 0;
  if (import_datetime() < 0) return -1;
  if (PyDateTime_CheckExact(object))
    return encode_datetime(state, builder, name, object) < 0 ? -1 : 1;
  if (!PyDate_CheckExact(object)) return 0;
  const gli_datetime day = {
      .year = PyDateTime_GET_YEAR(object),
      .month = (uint8_t)PyDateTime_GET_MONTH(object),
      .day = (uint8_t)PyDateTime_GET_DAY(object),
  };
  gli_error error;
  if (gli_value_builder_add_date(builder, &day, &error) != GLI_OK) {
    groggy_raise(state, &error);
    return -1;
  }
  return 1;
}

static PyObject *decode_zone(GroggyState *state, const gli_datetime *moment) {
  PyObject *text = NULL;
  if (moment->zone_name != NULL) {
    text = groggy_text_object(moment->zone_name, moment->zone_name_size_bytes);
    if (text == NULL) return NULL;
  }
  PyObject *zone = NULL;
  if (moment->zone == 0) {
    zone = Py_None;
    Py_INCREF(zone);
  } else if (moment->zone == 2) {
    if (text != NULL && import_zone_info(state) == 0)
      zone = PyObject_CallOneArg(state->zone_info, text);
  } else if (moment->offset_microseconds == 0 && text == NULL) {
    zone = PyDateTime_TimeZone_UTC;
    Py_INCREF(zone);
  } else {
    const int64_t microseconds = moment->offset_microseconds;
    PyObject *offset =
        PyDelta_FromDSU(0, (int)(microseconds / 1000000), (int)(microseconds % 1000000));
    if (offset != NULL) {
      zone =
          text == NULL ? PyTimeZone_FromOffset(offset) : PyTimeZone_FromOffsetAndName(offset, text);
      Py_DECREF(offset);
    }
  }
  Py_XDECREF(text);
  return zone;
}

PyObject *groggy_date_decode(GroggyState *state, const gli_value_item *item) {
  if (import_datetime() < 0) return NULL;
  const gli_datetime *moment = &item->datetime;
  if (item->type == GLI_NESTED_DATE)
    return PyDate_FromDate(moment->year, moment->month, moment->day);
  PyObject *zone = decode_zone(state, moment);
  if (zone == NULL) return NULL;
  PyObject *object = PyDateTimeAPI->DateTime_FromDateAndTimeAndFold(
      moment->year, moment->month, moment->day, moment->hour, moment->minute, moment->second,
      (int)moment->microsecond, zone, moment->fold, PyDateTimeAPI->DateTimeType);
  Py_DECREF(zone);
  return object;
}
