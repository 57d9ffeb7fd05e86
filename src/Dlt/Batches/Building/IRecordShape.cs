namespace Dlt.Batches.Building;

/// <summary>Shape of the objects of a type: their columns, named like their properties in JSON.</summary>
/// <typeparam name="T">Type of the objects. Derived types have their own shapes.</typeparam>
internal interface IRecordShape<T>
{
    /// <summary>Creates empty columns for objects of the type, in the order of their properties.</summary>
    List<FieldWriter<T>> NewColumns();
}
