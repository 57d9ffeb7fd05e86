using Apache.Arrow;

namespace Dlt.Batches.Building;

/// <summary>Writes a property that is an object with properties.</summary>
internal sealed class StructWriter<TOwner, TNested>(string name, Func<TOwner, TNested?> get, IReadOnlyList<FieldWriter<TNested>> fields)
    : FieldWriter<TOwner>
{
    private readonly Validity _validity = new();

    public override long Size => fields.Sum(f => f.Size);

    public override bool TryAppend(TOwner owner)
    {
        if (get(owner) is not { } nested)
        {
            AppendNull();
            return true;
        }

        foreach (var field in fields)
        {
            if (!field.TryAppend(nested)) return false;
        }

        _validity.Append(true);
        return true;
    }

    public override void AppendNull()
    {
        foreach (var field in fields) field.AppendNull();
        _validity.Append(false);
    }

    public override void Truncate(int rows)
    {
        foreach (var field in fields) field.Truncate(rows);
        _validity.Truncate(rows);
    }

    public override (Field Field, IArrowArray Array) Build() => _validity.BuildStruct(name, [.. fields.Select(f => f.Build())]);
}
