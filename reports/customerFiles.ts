export async function writeCustomerFiles(_home: string, _snapshot: number, _site: string): Promise<void> {}
