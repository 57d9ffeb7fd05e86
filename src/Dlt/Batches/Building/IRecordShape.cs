namespace Dlt.Batches.Building;

/// <summary>What the objects of a type are as items: columns, by the names that their properties have in JSON.</summary>
/// <typeparam name="T">The type; objects of derived types have other shapes.</typeparam>
internal interface IRecordShape<T>
{
    /// <summary>Makes empty columns for objects of the type, in the order of their properties.</summary>
    List<FieldWriter<T>> NewColumns();
}
