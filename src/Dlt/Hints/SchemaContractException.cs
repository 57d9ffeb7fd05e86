using Dlt.Normalize.Contracts;
using Dlt.Schemas;

namespace Dlt;

/// <summary>Data that a frozen contract refuses.</summary>
public sealed class SchemaContractException : SchemaException
{
    internal SchemaContractException(string message, string entity) : base(message) => Entity = entity;

    /// <summary><c>tables</c>, <c>columns</c> or <c>data_type</c>.</summary>
    public string Entity { get; }
}
