using System.Collections.Immutable;

namespace Dlt.Sql;

/// <summary>Parses the Trino form of types (Trino documentation, "Data types"; the grammar's rule <c>type</c>).</summary>
internal ref struct TrinoTypeReader(string text)
{
    private TypeCursor _cursor = new(text);

    /// <exception cref="AthenaTypeFormatException">The text is not a type.</exception>
    public AthenaType Read()
    {
        var type = Type(0);
        _cursor.End();
        return type;
    }

    private AthenaType Type(int depth)
    {
        _cursor.CheckDepth(depth);
        if (!_cursor.IsAtWord()) throw _cursor.Problem("a type is missing");
        var start = _cursor.At;
        var type = Named(_cursor.Word().ToLowerInvariant(), start, depth);
        for (var level = depth + 1; _cursor.Takes("array"); level++)
        {
            _cursor.CheckDepth(level);
            type = new AthenaType.Array(type);
        }

        return type;
    }

    private AthenaType Named(string word, int start, int depth) => word switch
    {
        "boolean" => new AthenaType.Scalar(AthenaScalar.Boolean),
        "tinyint" => new AthenaType.Scalar(AthenaScalar.TinyInt),
        "smallint" => new AthenaType.Scalar(AthenaScalar.SmallInt),
        "int" or "integer" => new AthenaType.Scalar(AthenaScalar.Integer),
        "bigint" => new AthenaType.Scalar(AthenaScalar.BigInt),
        "real" => new AthenaType.Scalar(AthenaScalar.Real),
        "double" => Double(),
        "varbinary" => new AthenaType.Scalar(AthenaScalar.Varbinary),
        "date" => new AthenaType.Scalar(AthenaScalar.Date),
        "json" => new AthenaType.Scalar(AthenaScalar.Json),
        "uuid" => new AthenaType.Scalar(AthenaScalar.Uuid),
        "ipaddress" => new AthenaType.Scalar(AthenaScalar.IpAddress),
        "interval" => Interval(),
        "decimal" => _cursor.Decimal(AthenaType.Decimal.MaxPrecision),
        "char" => new AthenaType.Char(_cursor.Length() ?? 1),
        "varchar" => new AthenaType.Varchar(_cursor.Length()),
        "time" => Time(),
        "timestamp" => Timestamp(),
        "array" => Array(depth),
        "map" => Map(depth),
        "row" => Row(depth),
        _ => throw _cursor.Problem($"Trino has no type '{word}'", start),
    };

    private AthenaType Double()
    {
        _cursor.Takes("precision");
        return new AthenaType.Scalar(AthenaScalar.Double);
    }

    private AthenaType Interval()
    {
        var isDays = _cursor.Takes("day");
        if (!isDays) _cursor.Expect("year");
        _cursor.Expect("to");
        _cursor.Expect(isDays ? "second" : "month");
        return new AthenaType.Scalar(isDays ? AthenaScalar.IntervalDayToSecond : AthenaScalar.IntervalYearToMonth);
    }

    private AthenaType.Time Time()
    {
        var digits = FractionDigits();
        return new(digits, TimeZone());
    }

    private AthenaType.Timestamp Timestamp()
    {
        var digits = FractionDigits();
        return new(digits, TimeZone());
    }

    private int FractionDigits()
    {
        if (!_cursor.Takes('(')) return AthenaType.Timestamp.DefaultPrecision;
        var digits = _cursor.Number(0, AthenaType.Timestamp.MaxPrecision, "the precision of a time");
        _cursor.Expect(')');
        return digits;
    }

    private bool TimeZone()
    {
        var hasZone = _cursor.Takes("with");
        if (!hasZone && !_cursor.Takes("without")) return false;
        _cursor.Expect("time");
        _cursor.Expect("zone");
        return hasZone;
    }

    private AthenaType.Array Array(int depth)
    {
        var end = Open();
        var element = Type(depth + 1);
        _cursor.Expect(end);
        return new(element);
    }

    private AthenaType.Map Map(int depth)
    {
        var end = Open();
        var key = Type(depth + 1);
        _cursor.Expect(',');
        var value = Type(depth + 1);
        _cursor.Expect(end);
        return new(key, value);
    }

    /// <summary>Reads the bracket before the parts of a type, and returns the matching closing bracket.</summary>
    private char Open()
    {
        if (_cursor.Takes('<')) return '>';
        _cursor.Expect('(');
        return ')';
    }

    private AthenaType.Row Row(int depth)
    {
        _cursor.Expect('(');
        var fields = ImmutableArray.CreateBuilder<AthenaRowField>();
        do
        {
            var name = FieldName();
            fields.Add(new(name, Type(depth + 1)));
        }
        while (_cursor.Takes(','));
        _cursor.Expect(')');
        return new(fields.ToImmutable());
    }

    /// <summary>Reads the name of a field; null when the field has only a type.</summary>
    private string? FieldName()
    {
        if (_cursor.Peek() == '"') return _cursor.Quoted('"');
        var start = _cursor.At;
        var word = _cursor.Word().ToLowerInvariant();
        if (word.Length > 0 && _cursor.IsAtWord() && !GoesOn(word)) return word;
        _cursor.At = start;
        return null;
    }

    /// <summary>Returns true when the next word continues the type that begins with a word, so that word is not a field name.</summary>
    private bool GoesOn(string word)
    {
        var start = _cursor.At;
        var next = _cursor.Word().ToLowerInvariant();
        var isArray = next == "array" && _cursor.Peek() is not ('(' or '<');
        _cursor.At = start;
        return isArray || (word, next) is ("double", "precision") or ("interval", "day" or "year")
            or ("time" or "timestamp", "with" or "without");
    }
}
