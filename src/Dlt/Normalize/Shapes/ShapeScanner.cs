using System.Runtime.CompilerServices;
using Dlt.Batches.Values;

namespace Dlt.Normalize.Shapes;

/// <summary>
/// The fast path: one pass over a JSON text that writes directly into typed column buffers, for items of a known shape. It stops at
/// anything unknown or ambiguous (a new key, another type, an escape in a key, malformed text), and the item then takes the exact path. So
/// it has no rules of its own: it repeats decisions that the exact path has made before.
/// </summary>
/// <remarks>The text must be followed by at least 64 zero bytes. Measured in bench/.</remarks>
internal sealed unsafe class ShapeScanner
{
    private const int MaxDepth = 256;

    private readonly EscapedText _escaped = new();
    private int _rootRow;
    private int _depth;

    /// <summary>Reads one item into its table and the nested tables.</summary>
    /// <param name="text">Text of the item, at its opening brace.</param>
    /// <param name="shape">Shape of the root objects.</param>
    /// <param name="row">Row of the root table that the item fills.</param>
    /// <returns>The byte after the closing brace. Null when the item must take the exact path; the tables then hold parts of it.</returns>
    public byte* TryScan(byte* text, ObjectShape shape, int row)
    {
        _rootRow = row;
        _depth = 0;
        return Object(text + 1, shape, row);
    }

    private byte* Object(byte* p, ObjectShape shape, int row)
    {
        if (++_depth > MaxDepth) return null;
        var current = ++shape.Current;
        p = SkipBlanks(p);
        if (*p == '}')
        {
            _depth--;
            return p + 1;
        }

        var expected = shape.First;
        FieldShape? previous = null;
        while (true)
        {
            if (*p != '"') return null;
            FieldShape? field;
            if (expected is not null && expected.Matches(p))
            {
                field = expected;
                p += expected.TokenLength;
            }
            else
            {
                var end = EscapedText.End(p + 1);
                if (*end != '"') return null;
                field = shape.Find(new ReadOnlySpan<byte>(p + 1, (int)(end - p - 1)));
                if (field is null) return null;
                if (previous is null) shape.First = field;
                else previous.Next = field;
                p = end + 1;
            }

            if (field.SeenIn == current) return null;   // a duplicate key
            field.SeenIn = current;
            if (*p != ':')
            {
                p = SkipBlanks(p);
                if (*p != ':') return null;
            }

            p = SkipBlanks(p + 1);
            p = Value(p, field, shape, row);
            if (p is null) return null;
            if (*p != ',')
            {
                p = SkipBlanks(p);
                if (*p == '}')
                {
                    _depth--;
                    return p + 1;
                }

                if (*p != ',') return null;
            }

            p = SkipBlanks(p + 1);
            previous = field;
            expected = field.Next;
        }
    }

    private byte* Value(byte* p, FieldShape field, ObjectShape shape, int row)
    {
        switch (*p)
        {
            case (byte)'{': return field.Object is null ? null : Object(p + 1, field.Object, row);
            case (byte)'[': return field.AllowsEmptyList ? List(p + 1, field.List, row) : null;
            default: return Scalar(p, field, row);
        }
    }

    private byte* List(byte* p, ListShape? list, int parentRow)
    {
        p = SkipBlanks(p);
        if (*p == ']') return p + 1;
        if (list is null || ++_depth > MaxDepth) return null;
        for (long index = 0; ; index++)
        {
            var row = list.Table.AddNested(parentRow, _rootRow, index);
            switch (*p)
            {
                case (byte)'{':
                    p = Object(p + 1, list.Element, row);
                    break;
                case (byte)'[':
                    if (list.Nested is null) return null;
                    p = List(p + 1, list.Nested, row);
                    break;
                default:
                    p = list.Value is null ? null : Scalar(p, list.Value, row);
                    break;
            }

            if (p is null) return null;
            p = SkipBlanks(p);
            if (*p == ']')
            {
                _depth--;
                return p + 1;
            }

            if (*p != ',') return null;
            p = SkipBlanks(p + 1);
        }
    }

    private byte* Scalar(byte* p, FieldShape field, int row)
    {
        if (*p == 'n')
        {
            // A null adds nothing, but the exact path must refuse it in a required column and record it for a field without a column.
            if (field.Column is null ? !field.HasSeenNull : !field.Column.Schema.IsNullable) return null;
            return Null(p);
        }

        // A second field of the same column: the exact path decides which value is kept.
        if (field.Column is null || field.Column.Buffer.Rows > row) return null;
        switch (*p)
        {
            case (byte)'"': return Text(p + 1, field, row);
            case (byte)'t':
                if (field.Target != FieldTarget.Bool || !Matches(p, "true"u8)) return null;
                field.Bools!.Append(row, true);
                return p + 4;
            case (byte)'f':
                if (field.Target != FieldTarget.Bool || !Matches(p, "false"u8)) return null;
                field.Bools!.Append(row, false);
                return p + 5;
            default:
                return ShapeNumber.Read(p, field, row);
        }
    }

    private static byte* Null(byte* p) => Matches(p, "null"u8) ? p + 4 : null;

    private byte* Text(byte* start, FieldShape field, int row)
    {
        var end = EscapedText.End(start);
        ReadOnlySpan<byte> text;
        if (*end == '"')
        {
            text = new(start, (int)(end - start));
        }
        else
        {
            end = _escaped.Read(start, end);
            if (end is null) return null;
            text = _escaped.Text;
        }

        switch (field.Target)
        {
            case FieldTarget.Text:
                if (text.Length > 0 && text[0] == 0xEF) return null;   // it may be a type marker
                field.Texts!.Append(row, text);
                return end + 1;
            case FieldTarget.Timestamp:
                if (!FastIso.TryParse(text, out var micros)) return null;
                field.Longs!.Append(row, micros);
                return end + 1;
            default:
                return null;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Matches(byte* p, ReadOnlySpan<byte> token) => new ReadOnlySpan<byte>(p, token.Length).SequenceEqual(token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* SkipBlanks(byte* p)
    {
        if (*p > ' ') return p;
        while (*p is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') p++;
        return p;
    }
}
