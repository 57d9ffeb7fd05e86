using System.Collections;
using Apache.Arrow;

namespace Dlt.Batches.Building;

/// <summary>
/// Writes dictionaries with the same names in the same order as a struct. Dictionaries with other names are refused, because a missing name
/// is not the same as null.
/// </summary>
internal sealed class DictionaryWriter(string name, IReadOnlyList<string> names) : FieldWriter<object?>
{
    private readonly AnyWriter[] _fields = [.. names.Select(n => new AnyWriter(n))];
    private readonly Validity _validity = new();

    public override long Size => _fields.Sum(f => f.Size);

    /// <summary>Returns the names and values of a dictionary; null when the object is not a dictionary with text keys.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? EntriesOf(object value) => value switch
    {
        IDictionary<string, object?> entries => entries,
        IReadOnlyDictionary<string, object?> entries => entries,
        IDictionary { Keys: IEnumerable<string> keys } dictionary => keys.Select(key => KeyValuePair.Create(key, dictionary[key])),
        _ => null,
    };

    public override bool TryAppend(object? value)
    {
        if (EntriesOf(value!) is not { } entries) return false;
        var at = 0;
        foreach (var (key, field) in entries)
        {
            if (at == _fields.Length || _fields[at].Name != key || !_fields[at].TryAppend(field)) return false;
            at++;
        }

        if (at < _fields.Length) return false;
        _validity.Append(true);
        return true;
    }

    public override void AppendNull()
    {
        foreach (var field in _fields) field.AppendNull();
        _validity.Append(false);
    }

    public override void Truncate(int rows)
    {
        foreach (var field in _fields) field.Truncate(rows);
        _validity.Truncate(rows);
    }

    public override (Field Field, IArrowArray Array) Build() => _validity.BuildStruct(name, [.. _fields.Select(f => f.Build())]);
}
