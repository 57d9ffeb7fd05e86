using System.Buffers;
using System.Text;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Compares cursor values with the range and with the latest value of the run, as <see cref="CursorRange"/> does, for values that need no
/// conversion: integers, texts, times and dates. It is used for every item, so it allocates nothing.
/// </summary>
/// <param name="settings">Direction and bounds of the cursor.</param>
internal sealed class SampleRange(Incremental settings)
{
    private readonly bool _isMax = settings.LastValueFunc == LastValueFunc.Max;
    private readonly bool _isStartClosed = settings.RangeStart == RangeBound.Closed;
    private readonly bool _isEndClosed = settings.RangeEnd == RangeBound.Closed;
    private readonly Bound _start = new();
    private readonly Bound _end = new();
    private readonly Bound _maximum = new();
    private SampleKind _kind;   // Missing: none yet; Other: values that have to be converted
    private byte[] _text = [];

    /// <summary>Sets the bounds of the range.</summary>
    /// <param name="start">Start, which is also the latest value so far; <see cref="SampleKind.Missing"/> for none.</param>
    /// <param name="end">End; <see cref="SampleKind.Missing"/> for none.</param>
    public void SetBounds(in CursorSample start, in CursorSample end)
    {
        Set(_start, start);
        Set(_end, end);
        Set(_maximum, start);
    }

    /// <summary>Returns whether a value can be compared here.</summary>
    public bool Handles(in CursorSample value) => value.Kind == _kind && _kind != SampleKind.Other;

    /// <summary>The latest value; <see cref="SampleKind.Missing"/> for none.</summary>
    public CursorSample Maximum => _maximum.Value.Kind == SampleKind.Text && _maximum.Value.Characters is null
        ? CursorSample.OfUtf8(_maximum.Text.WrittenMemory.ToArray())
        : _maximum.Value;

    /// <summary>Sets the latest value.</summary>
    public void SetMaximum(in CursorSample value) => Set(_maximum, value);

    /// <summary>Compares a value with the range and with the latest value.</summary>
    /// <param name="value">Value that <see cref="Handles"/> accepts.</param>
    /// <param name="order">Positive when the value is later than the latest one. Only set for items that are in the range.</param>
    public CursorPlace PlaceOf(in CursorSample value, out int order)
    {
        order = 0;
        var text = TextOf(value);
        if (_end.IsSet)
        {
            var toEnd = Order(value, text, _end);
            if (toEnd > 0 || (toEnd == 0 && !_isEndClosed)) return CursorPlace.Beyond;
        }

        order = _maximum.IsSet ? Order(value, text, _maximum) : 1;
        if (order > 0 || !_start.IsSet) return CursorPlace.Inside;   // the latest value is never before the start
        var toStart = Order(value, text, _start);
        if (toStart > 0) return CursorPlace.Inside;
        if (toStart < 0) return CursorPlace.Before;
        return _isStartClosed ? CursorPlace.AtStart : CursorPlace.AtOpenStart;
    }

    private int Order(in CursorSample value, ReadOnlySpan<byte> text, Bound bound)
    {
        var order = value.Kind == SampleKind.Text
            ? text.SequenceCompareTo(bound.Text.WrittenSpan)
            : value.Number.CompareTo(bound.Value.Number);
        return _isMax ? order : -order;
    }

    private void Set(Bound bound, in CursorSample value)
    {
        if (value.Kind == SampleKind.Missing) return;
        _kind = _kind == SampleKind.Missing || _kind == value.Kind ? value.Kind : SampleKind.Other;
        bound.Value = value;
        if (value.Kind != SampleKind.Text) return;
        var text = TextOf(value);
        bound.Text.ResetWrittenCount();
        bound.Text.Write(text);
    }

    /// <summary>The bytes of a text, whose order is that of its code points. Valid until the next call.</summary>
    private ReadOnlySpan<byte> TextOf(in CursorSample value)
    {
        if (value.Kind != SampleKind.Text) return default;
        if (value.Characters is not { } characters) return value.Utf8.Span;
        var most = Encoding.UTF8.GetMaxByteCount(characters.Length);
        if (_text.Length < most) _text = new byte[most];
        return _text.AsSpan(0, Encoding.UTF8.GetBytes(characters, _text));
    }

    private sealed class Bound
    {
        public CursorSample Value { get; set; }

        public bool IsSet => Value.Kind != SampleKind.Missing;

        public ArrayBufferWriter<byte> Text { get; } = new();
    }
}
