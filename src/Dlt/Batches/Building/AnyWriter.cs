using System.Collections;
using Apache.Arrow;

namespace Dlt.Batches.Building;

/// <summary>
/// Writes values without a declared type. The first value determines whether the column holds scalars, dictionaries or lists.
/// </summary>
internal sealed class AnyWriter(string name) : FieldWriter<object?>
{
    private readonly ValueColumn _scalars = new(name);
    private FieldWriter<object?>? _nested;

    public string Name => name;

    public override long Size => _nested?.Size ?? _scalars.Size;

    /// <returns>
    /// False when the value has another kind than the values before, is a dictionary with other names, or is not supported by columns.
    /// </returns>
    public override bool TryAppend(object? value)
    {
        if (value is null or DBNull)
        {
            AppendNull();
            return true;
        }

        if (_nested is null)
        {
            if (ValueWriter.TryWrite(_scalars, value)) return true;
            if (_scalars.HasValues || NestedFor(value) is not { } nested) return false;
            for (var row = 0; row < _scalars.Rows; row++) nested.AppendNull();
            _scalars.Truncate(0);
            _nested = nested;
        }

        return _nested.TryAppend(value);
    }

    public override void AppendNull()
    {
        if (_nested is null) _scalars.AppendNull();
        else _nested.AppendNull();
    }

    public override void Truncate(int rows)
    {
        _scalars.Truncate(rows);
        _nested?.Truncate(rows);
        if (rows == 0) _nested = null;
    }

    public override (Field Field, IArrowArray Array) Build()
    {
        var built = _nested?.Build() ?? _scalars.Build();
        _nested = null;
        return built;
    }

    private FieldWriter<object?>? NestedFor(object value)
    {
        if (DictionaryWriter.EntriesOf(value) is { } entries)
            return entries.Any() ? new DictionaryWriter(name, [.. entries.Select(e => e.Key)]) : null;
        return IsList(value) ? new AnyListWriter(name) : null;
    }

    private static bool IsList(object value) =>
        value is IList and not byte[] && value.GetType() is { IsArray: false } or { IsSZArray: true };

    /// <summary>Writes lists of values without a declared type.</summary>
    private sealed class AnyListWriter(string name) : FieldWriter<object?>
    {
        private readonly ListWriter<IList?, object?> _lists = new(name, list => list?.Cast<object?>(), new AnyWriter("item"));

        public override long Size => _lists.Size;

        public override bool TryAppend(object? value) =>
            IsList(value!) && DictionaryWriter.EntriesOf(value!) is null && _lists.TryAppend((IList)value!);

        public override void AppendNull() => _lists.AppendNull();

        public override void Truncate(int rows) => _lists.Truncate(rows);

        public override (Field Field, IArrowArray Array) Build() => _lists.Build();
    }
}

/// <summary>Writes a property without a declared type, or a dictionary.</summary>
internal sealed class AnyFieldWriter<TOwner>(string name, Func<TOwner, object?> get) : FieldWriter<TOwner>
{
    private readonly AnyWriter _values = new(name);

    public override long Size => _values.Size;

    public override bool TryAppend(TOwner owner) => _values.TryAppend(get(owner));

    public override void AppendNull() => _values.AppendNull();

    public override void Truncate(int rows) => _values.Truncate(rows);

    public override (Field Field, IArrowArray Array) Build() => _values.Build();
}
