//! Tests of throttle.
