namespace Dlt;

/// <summary>The exception that is thrown when data would change a schema that its contract freezes.</summary>
public sealed class SchemaContractException : SchemaException
{
    internal SchemaContractException(string message, string entity) : base(message) => Entity = entity;

    /// <summary>The frozen part of the contract: <c>tables</c>, <c>columns</c> or <c>data_type</c>.</summary>
    public string Entity { get; }
}
